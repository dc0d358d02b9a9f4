import { say, useSession } from '@hearthline/kit'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { firstPage } from './shell/nav'

declare module 'vue-router' {
  interface RouteMeta {
    /** One of these permissions opens the page. */
    needs?: string[]
    /** Key of the page's name in the catalogue. */
    name?: string
  }
}

const inside: RouteRecordRaw[] = [
  { path: '', redirect: () => firstPage() },
  { path: 'work', component: () => import('./insight/Workspace.vue'), meta: { needs: ['telephony.answer', 'order.create'], name: 'nav.work' } },
  { path: 'orders', component: () => import('./orders/OrdersPage.vue'), meta: { needs: ['order.view'], name: 'nav.orders' } },
  { path: 'orders/:id', component: () => import('./orders/OrderPage.vue'), props: true, meta: { needs: ['order.view'], name: 'nav.orders' } },
  { path: 'revisits', component: () => import('./orders/RevisitsPage.vue'), meta: { needs: ['order.revisit'], name: 'nav.revisits' } },
  { path: 'customers', component: () => import('./directory/CustomersPage.vue'), meta: { needs: ['directory.view'], name: 'nav.customers' } },
  { path: 'customers/:id', component: () => import('./directory/AccountPage.vue'), props: true, meta: { needs: ['directory.view'], name: 'nav.customers' } },
  { path: 'quality', component: () => import('./directory/QualityPage.vue'), meta: { needs: ['directory.cleanse'], name: 'nav.quality' } },
  { path: 'imports', component: () => import('./imports/ImportsPage.vue'), meta: { needs: ['imports.view'], name: 'imports.title' } },
  { path: 'book', component: () => import('./directory/BookPage.vue'), meta: { needs: ['directory.view'], name: 'nav.book' } },
  { path: 'dispatch', component: () => import('./dispatch/DispatchPage.vue'), meta: { needs: ['dispatch.view'], name: 'nav.dispatch' } },
  { path: 'calls', component: () => import('./telephony/CallsPage.vue'), meta: { needs: ['telephony.view', 'telephony.answer'], name: 'nav.calls' } },
  { path: 'monitor', component: () => import('./telephony/MonitorPage.vue'), meta: { needs: ['telephony.supervise'], name: 'nav.monitor' } },
  { path: 'backlog', component: () => import('./insight/BacklogPage.vue'), meta: { needs: ['insight.map', 'insight.numbers'], name: 'nav.backlog' } },
  { path: 'today', component: () => import('./insight/TodayPage.vue'), meta: { needs: ['insight.numbers'], name: 'nav.today' } },
  {
    path: 'fees',
    component: () => import('./shell/SectionPage.vue'),
    props: { path: '/fees' },
    meta: { name: 'nav.fees' },
    children: [
      { path: 'counter', component: () => import('./payments/CounterPage.vue'), meta: { needs: ['payments.take'], name: 'till.title' } },
      { path: 'payments', component: () => import('./payments/PaymentsPage.vue'), meta: { needs: ['payments.view'], name: 'paylist.title' } },
      { path: 'back', component: () => import('./payments/BackPage.vue'), meta: { needs: ['payments.approve', 'payments.take', 'payments.suspense'], name: 'back.title' } },
      { path: 'collect', component: () => import('./payments/CollectPage.vue'), meta: { needs: ['payments.collect'], name: 'collect.title' } },
      { path: 'receipts', component: () => import('./payments/ReceiptsPage.vue'), meta: { needs: ['payments.stock'], name: 'stock.title' } },
      { path: 'day', component: () => import('./payments/DayPage.vue'), meta: { needs: ['payments.close'], name: 'day.title' } },
      { path: 'services', component: () => import('./services/ServicesPage.vue'), meta: { needs: ['services.view'], name: 'services.title' } },
      { path: 'reports', component: () => import('./insight/fees/ReportsPage.vue'), meta: { needs: ['insight.fees'], name: 'fees.reports' } },
      { path: 'openings', component: () => import('./billing/openings/OpeningsPage.vue'), meta: { needs: ['billing.prepare', 'billing.open'], name: 'opening.title' } },
      { path: 'settlements', component: () => import('./billing/runs/SettlementsPage.vue'), meta: { needs: ['billing.settle'], name: 'run.title' } },
      { path: 'late', component: () => import('./billing/late/LateClosePage.vue'), meta: { needs: ['billing.settle'], name: 'late.title' } },
      { path: 'book', component: () => import('./ledger/BookPage.vue'), meta: { needs: ['ledger.book'], name: 'book.title' } },
      { path: 'packs', component: () => import('./billing/packs/PacksPage.vue'), meta: { needs: ['billing.pack_edit', 'billing.pack_approve', 'billing.prepare'], name: 'pack.title' } },
      { path: 'packs/:id', component: () => import('./billing/packs/PackPage.vue'), props: true, meta: { needs: ['billing.view'], name: 'pack.title' } },
    ],
  },
  {
    path: 'business',
    component: () => import('./billing/applications/BusinessPage.vue'),
    meta: { needs: ['billing.view'], name: 'nav.business' },
    children: [
      { path: '', redirect: '/business/applications' },
      { path: 'applications', component: () => import('./billing/applications/ApplicationsPage.vue'), meta: { needs: ['billing.view'], name: 'business.tab.applications' } },
      { path: 'approvals', component: () => import('./billing/applications/ApprovalsPage.vue'), meta: { needs: ['billing.approve', 'billing.decide', 'billing.decide_large'], name: 'business.tab.approvals' } },
      { path: 'adjustments', component: () => import('./billing/applications/AdjustmentsPage.vue'), meta: { needs: ['billing.view'], name: 'business.tab.adjustments' } },
      { path: 'holds', component: () => import('./billing/holds/HoldsPage.vue'), meta: { needs: ['billing.view'], name: 'business.tab.holds' } },
      { path: 'renewals', component: () => import('./billing/applications/RenewalsPage.vue'), meta: { needs: ['billing.apply'], name: 'business.tab.renewals' } },
      { path: 'readings', component: () => import('./billing/metering/ReadingsPage.vue'), meta: { needs: ['billing.view'], name: 'business.tab.readings' } },
    ],
  },
  { path: 'business/new', component: () => import('./billing/applications/NewApplication.vue'), meta: { needs: ['billing.apply'], name: 'business.new' } },
  {
    path: 'admin',
    component: () => import('./shell/SectionPage.vue'),
    props: { path: '/admin' },
    meta: { needs: ['identity.view', 'identity.audit', 'telephony.configure', 'channels.view'], name: 'nav.admin' },
    children: [
      { path: 'staff', component: () => import('./identity/StaffPage.vue'), meta: { needs: ['identity.view'], name: 'admin.staff' } },
      { path: 'roles', component: () => import('./identity/RolesPage.vue'), meta: { needs: ['identity.view', 'identity.grant'], name: 'admin.roles' } },
      { path: 'orgs', component: () => import('./identity/OrgsPage.vue'), meta: { needs: ['identity.view'], name: 'admin.orgs' } },
      { path: 'log', component: () => import('./identity/LogPage.vue'), meta: { needs: ['identity.audit'], name: 'admin.log' } },
      { path: 'queues', component: () => import('./telephony/QueuesPage.vue'), meta: { needs: ['telephony.configure'], name: 'admin.queues' } },
      { path: 'flows', component: () => import('./telephony/FlowsPage.vue'), meta: { needs: ['telephony.configure'], name: 'admin.flows' } },
      { path: 'messages', component: () => import('./channels/MessagesPage.vue'), meta: { needs: ['channels.view'], name: 'admin.messages' } },
    ],
  },
  { path: 'me', component: () => import('./identity/ProfilePage.vue'), meta: { name: 'nav.me' } },
  { path: ':rest(.*)*', component: () => import('./shell/NotFound.vue') },
]

/** The desk's pages; nobody is let in without a session, and pages say what they need. */
export function createDeskRouter() {
  const router = createRouter({
    history: createWebHistory('/desk/'),
    routes: [
      { path: '/sign-in', component: () => import('./identity/SignIn.vue'), meta: { name: 'signIn.title' } },
      { path: '/', component: () => import('./shell/Shell.vue'), children: inside },
    ],
  })
  router.beforeEach(async (to) => {
    const session = useSession()
    // When the server is away, the shell opens and says so; nothing is known about the session.
    if (!session.settled) await session.restore().catch(() => {})
    if (to.path === '/sign-in') return session.me ? firstPage() : true
    // Which page is the first one is known only now that the person is.
    const anywhere = to.redirectedFrom?.path === '/'
    if (!session.me) return { path: '/sign-in', query: anywhere ? {} : { to: to.fullPath } }
    if (anywhere && to.path !== firstPage()) return firstPage()
    return true
  })
  router.afterEach((to) => {
    const name = to.meta.name
    document.title = name ? `${say(name)} · ${say('brand')}` : say('brand')
  })
  return router
}
