import { createMessages, createQueries, installMessages, locale } from '@hearthline/kit'
import { uiMessages } from '@hearthline/ui/messages'
import '@hearthline/ui/tokens.css'
import '@hearthline/ui/base.css'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp, watch } from 'vue'
import App from './App.vue'
import texts from './messages'
import { openQueue } from './queue/useQueue'
import { router } from './router'
import { armAlarm } from './shell/alarm'
import { applyTheme } from './shell/theme'
import { speakVant } from './vant'
import '@hearthline/ui/vant.css'
import './shell/field.css'
import './shell/install'

applyTheme()
armAlarm()
const queries = createQueries()
const app = createApp(App)
app.use(createPinia())
app.use(VueQueryPlugin, { queryClient: queries })
installMessages(app, createMessages(uiMessages, texts))
watch(locale, speakVant, { immediate: true })
await openQueue(queries)
app.use(router)
app.mount('#app')
