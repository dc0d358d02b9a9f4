/** A customer across the utilities, English. */
import type zh from './customer.zh'

const en: typeof zh = {
  profile: 'Profile',
  since: 'Our customer since {day}',
  level: 'Level',
  year: 'The last 12 months',
  count: { calls: 'Calls', repairs: 'Repairs', complaints: 'Complaints', chases: 'Chases', reworks: 'Visits again', unsatisfied: 'Not content' },
  utilities: 'With each utility',
  utility: 'Utility', account: 'Account', company: 'Company', promise: 'Promise', open: 'Open orders', orders: 'Orders in a year', last: 'Last', owed: 'Owes',
  promised: '{arrive} min to the door, repaired in {repair} h',
  conduct: 'How bills are paid', season: 'Season', charged: 'Charged', paid: 'Paid',
  settled: 'Settled', none_charged: 'Nothing was charged yet',
  blacklisted: 'Blacklisted: {reason}',
  call_number: 'Call {number}',
  serves: 'Organisation', by_station: 'The station of the address', hotline: 'Hotline', arrive: 'At the door (min)', repaired: 'Repaired (min)',
  standard: 'One standard for every utility: the limits of each kind of order. A company that promises more is held to it.',
  repairs: 'Repairs',
  no_repairs: 'Nothing was repaired here', no_repairs_hint: 'Causes, parts, costs and pictures of repairs stay here',
  when: 'When', what: 'Request', found: 'Cause and work', who: 'Repairer', parts: 'Parts and services', cost: 'Paid by the customer', judged: 'Judged', pictures: 'Pictures', order: 'Order',
  rounds: '{n} visits', covered: 'covered',
  side: { user: 'indoors', network: 'network', none: '' },
  satisfaction: { satisfied: 'Content', fair: 'Fair', unsatisfied: 'Not content' },
  sheet: { section: 'Section', item: 'Item', value: 'Content', note: 'Note' },
  file: 'Household file',
  send_link: 'Send stop link',
  link_sent: 'The link was sent to {phone}; it opens for 3 days',
  file_for: 'For which company',
  readings: 'Meter readings',
  no_readings: 'The meter was never read',
  reading: '{value} {unit}',
  used: '{value} since',
}

export default en
