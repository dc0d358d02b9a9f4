/** The parts of Vant that we use, with their styles. Its icon font is not: our icons are drawn. */
import 'vant/es/action-sheet/style'
import 'vant/es/button/style'
import 'vant/es/dialog/style'
import 'vant/es/notify/style'
import 'vant/es/popup/style'
import 'vant/es/skeleton/style'
import 'vant/es/switch/style'
import 'vant/es/tabbar/style'
import 'vant/es/tabbar-item/style'
import 'vant/es/toast/style'
import { Locale } from 'vant'
import en from 'vant/es/locale/lang/en-US'
import zh from 'vant/es/locale/lang/zh-CN'

export function speakVant(locale: string) {
  if (locale.startsWith('zh')) Locale.use('zh-CN', zh)
  else Locale.use('en-US', en)
}
