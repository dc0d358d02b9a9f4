/** The close of a season's late fees, English. */
export default {
  title: 'Late fees',
  hint: 'A late fee grows by the day and is booked when it is paid; the close books all that has grown until a day. Reckon, look, then post; nothing grows while a bill is disputed.',
  on: 'Until',
  begin: 'Reckon',
  none: 'Late fees were never closed',
  none_hint: 'Choose a season and a day to reckon; nothing is posted by that.',
  choose: 'Choose a close to see households and amounts',
  of: 'Late fees of {season} until {day}',
}
