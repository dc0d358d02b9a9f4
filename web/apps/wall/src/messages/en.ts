import type zh from './zh'

const en: typeof zh = {
  wall: {
    title: 'Service wall',
    sign_in: { title: 'Sign the wall in', hint: 'Once; it stays signed in.', login: 'Account', password: 'Password', submit: 'Sign in', offline: 'The server cannot be reached; please check the network.' },
    sign_out: 'Sign out',
    loading: 'Getting the data…',
    forbidden: 'This account may not see the wall; please sign in with one that may.',
    error: 'No data now; we keep trying.',
    fresh: { now: 'just updated', seconds: 'data {n} s old', old: 'data stopped {time} ago', banner: 'No data for {time}: this is not how things stand now' },
    figures: {
      waiting: 'Waiting now', waiting_unit: '', waiting_sub: 'longest {time}', waiting_none: 'nobody waits',
      calls: 'Calls today', calls_sub: 'answered {answered} · lost {abandoned}',
      answer: 'Answered', answer_sub: '{n} s wait on average', answer_sub_none: 'no calls yet today',
      open: 'Open orders', open_sub: 'late {late} · at risk {risk}',
      timely: 'In time', timely_sub: 'new {opened} · closed {closed}',
      satisfied: 'Satisfied', satisfied_sub: 'yes {good} · fair {fair} · no {bad}',
    },
    trend: { up: 'higher than an hour ago', down: 'lower than an hour ago', flat: 'as an hour ago' },
    queue: {
      title: 'Queues', empty: 'nobody waits', longest: 'longest {time}', people: '{n}',
      seats: 'idle {idle} · talking {talking}', more: '{n} more', none: 'No queues to show', hidden: '{n} more queues',
    },
    map: { title: 'Open orders by community', late: 'some late', open: 'open', quiet: 'none open', none: 'No communities to show', more: '{n} more communities' },
    band: {
      none: 'No faults, no outages', until: 'expected back {at}', since: 'since {at}', more: '{i} / {n}',
      incident: 'Fault', works: 'Works', outage: 'Outage', announcement: 'Notice',
    },
    seats: { title: 'Seats', idle: 'idle', talking: 'talking', ringing: 'ringing', wrap_up: 'wrap-up', away: 'away', offline: 'offline' },
  },
}

export default en
