import '@hearthline/ui/tokens.css'
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/el-message.css'
import 'element-plus/theme-chalk/el-message-box.css'
import '@hearthline/ui/base.css'
import '@hearthline/ui/element.css'
import './desk.css'
import { createMessages, createQueries, installMessages } from '@hearthline/kit'
import { applyTheme } from '@hearthline/ui'
import { uiMessages } from '@hearthline/ui/messages'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { deskMessages } from './messages'
import { createDeskRouter } from './router'

applyTheme()
const app = createApp(App)
app.use(createPinia())
installMessages(app, createMessages(uiMessages, deskMessages))
app.use(VueQueryPlugin, { queryClient: createQueries() })
app.use(createDeskRouter())
app.mount('#app')
