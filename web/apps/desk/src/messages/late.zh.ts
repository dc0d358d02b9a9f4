/** The close of a season's late fees, Chinese. */
export default {
  title: '滞纳金结算',
  hint: '滞纳金平时按日计算、缴费时入账；季末结算把截至某日的滞纳金全部入账。先试算、核对，再入账；争议期间不计。',
  on: '截至日期',
  begin: '试算',
  none: '还没有结算过滞纳金',
  none_hint: '选择采暖季与截至日期开始试算；试算不入账。',
  choose: '选择一次结算查看户数、金额与明细',
  of: '{season} 采暖季滞纳金，截至 {day}',
}
