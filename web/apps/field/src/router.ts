import { useSession } from '@hearthline/kit'
import { createRouter, createWebHistory } from 'vue-router'
import { remembered } from './session/person'

declare module 'vue-router' {
  interface RouteMeta {
    /** Can be seen without signing in. */
    open?: boolean
    /** One of the three places that the bar at the bottom leads to. */
    place?: 'tasks' | 'queue' | 'me'
  }
}

export const router = createRouter({
  history: createWebHistory('/field/'),
  routes: [
    { path: '/', component: () => import('./tasks/TasksPage.vue'), meta: { place: 'tasks' } },
    { path: '/task/:id', component: () => import('./tasks/TaskPage.vue'), props: true },
    { path: '/queue', component: () => import('./queue/QueuePage.vue'), meta: { place: 'queue' } },
    { path: '/me', component: () => import('./me/MePage.vue'), meta: { place: 'me' } },
    { path: '/sign-in', component: () => import('./session/SignInPage.vue'), meta: { open: true } },
    { path: '/:rest(.*)', redirect: '/' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach((to) => {
  const session = useSession()
  const known = session.me !== null || remembered() !== null
  if (!to.meta.open && !known) return { path: '/sign-in', query: { next: to.fullPath } }
  return true
})
