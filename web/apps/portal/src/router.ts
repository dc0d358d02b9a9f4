import { createRouter, createWebHistory } from 'vue-router'

export const router = createRouter({
  history: createWebHistory('/portal/'),
  routes: [
    { path: '/', component: () => import('./shell/StartPage.vue') },
    { path: '/p/:token', component: () => import('./matter/MatterPage.vue'), props: true },
    { path: '/h/:token', component: () => import('./stop/HomePage.vue'), props: true },
    { path: '/stop', component: () => import('./stop/LinkPage.vue') },
    { path: '/find', component: () => import('./matter/FindPage.vue') },
    { path: '/report', component: () => import('./shell/ReportPage.vue') },
    { path: '/call', component: () => import('./call/CallPage.vue') },
    { path: '/:rest(.*)', redirect: '/' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})
