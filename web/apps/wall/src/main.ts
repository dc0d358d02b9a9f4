import { createMessages, createQueries, installMessages } from '@hearthline/kit'
import '@hearthline/ui/base.css'
import { uiMessages } from '@hearthline/ui/messages'
import '@hearthline/ui/tokens.css'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import texts from './messages'
import './wall.css'

const app = createApp(App)
app.use(createPinia())
app.use(VueQueryPlugin, { queryClient: createQueries() })
installMessages(app, createMessages(uiMessages, texts))
app.mount('#app')
