import type zh from './zh'

/** Texts of the shared components, English. */
const en: typeof zh = {
  ui: {
    left: {
      minutes_left: '{n} min left',
      hours_left: '{n} h left',
      days_left: '{n} d left',
      soon: 'under a minute left',
      minutes_over: '{n} min over',
      hours_over: '{n} h over',
      days_over: '{n} d over',
      just_over: 'just over',
      due: 'due {at}',
    },
    ago: {
      now: 'just now',
      minutes: '{n} min ago',
      hours: '{n} h ago',
      days: '{n} d ago',
      in_minutes: 'in {n} min',
      in_hours: 'in {n} h',
      in_days: 'in {n} d',
    },
    order: {
      filed: 'To dispatch',
      dispatched: 'To accept',
      accepted: 'Accepted',
      en_route: 'On the way',
      on_site: 'On site',
      finished: 'To audit',
      revisit: 'To revisit',
      closed: 'Closed',
      voided: 'Void',
    },
    urgency: { u1: 'Ordinary', u2: 'Urgent', u3: 'Emergency' },
    loading: 'Loading',
    empty: 'Nothing here yet',
    error: {
      title: 'The data did not arrive',
      offline: 'The server cannot be reached. Check the network; we try again by ourselves.',
      retry: 'Try again',
      missing: 'Not there, or out of your scope',
    },
    forbidden: { title: 'Not allowed', hint: 'If you need this, ask an administrator for: {key}' },
    masked: {
      show: 'Show in full',
      why: 'Why do you need it? The reason is kept.',
      reasons: { call: 'To reach the customer', verify: 'To verify identity', visit: 'Before a visit', other: 'Other' },
      confirm: 'Show',
      cancel: 'Cancel',
      hide: 'Hide',
    },
    wave: { play: 'Play', pause: 'Pause', position: 'Position', speed: '{n}× speed', none: 'No recording', failed: 'The recording cannot be played now' },
    map: { title: 'Map', none: 'No place to show', failed: 'This browser cannot draw maps (WebGL needed)', zoom_in: 'Zoom in', zoom_out: 'Zoom out' },
    trend: 'Trend',
    all: 'All',
    more: 'Load more',
    close: 'Close',
  },
}
export default en
