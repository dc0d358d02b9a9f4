export default {
  wall: {
    title: '服务大屏',
    sign_in: { title: '登录大屏', hint: '登录一次即可，之后自动保持。', login: '账号', password: '密码', submit: '登录', offline: '连不上服务器，请检查网络。' },
    sign_out: '退出',
    loading: '正在取数据…',
    forbidden: '这个账号没有查看大屏的权限，请用有权限的账号登录。',
    error: '暂时取不到数据，正在自动重试。',
    fresh: { now: '数据刚刚更新', seconds: '数据 {n} 秒前', old: '数据已停 {time}', banner: '数据已停更 {time}，画面不是现在的情况' },
    figures: {
      waiting: '正在等待', waiting_unit: '人', waiting_sub: '最长已等 {time}', waiting_none: '没有人在等',
      calls: '今日来电', calls_sub: '已接 {answered} · 放弃 {abandoned}',
      answer: '接通率', answer_sub: '平均等待 {n} 秒', answer_sub_none: '今日还没有来电',
      open: '在办工单', open_sub: '超时 {late} · 临近 {risk}',
      timely: '及时率', timely_sub: '今日新增 {opened} · 办结 {closed}',
      satisfied: '满意率', satisfied_sub: '好 {good} · 中 {fair} · 差 {bad}',
    },
    trend: { up: '比一小时前高', down: '比一小时前低', flat: '与一小时前持平' },
    queue: {
      title: '排队', empty: '没有人在等', longest: '最长 {time}', people: '{n} 人',
      seats: '空闲 {idle} · 通话 {talking}', more: '还有 {n} 人', none: '没有可看的队列', hidden: '另有 {n} 条队列',
    },
    map: { title: '在办工单分布', late: '有超时', open: '在办', quiet: '无在办', none: '没有可看的小区', more: '另有 {n} 个小区' },
    band: {
      none: '没有故障和停供', until: '预计 {at} 恢复', since: '{at} 开始', more: '{i} / {n}',
      incident: '故障', works: '施工', outage: '停供', announcement: '通知',
    },
    seats: { title: '坐席', idle: '空闲', talking: '通话', ringing: '振铃', wrap_up: '整理', away: '离开', offline: '离线' },
  },
}
