import { useSession } from '@hearthline/kit'
import {
  Activity,
  BookUser,
  Banknote,
  ChartColumn,
  ClipboardList,
  FilePen,
  FileUp,
  Headset,
  MapPinned,
  MessageSquareHeart,
  Phone,
  Radar,
  Settings,
  ShieldCheck,
  Users,
} from '@lucide/vue'
import type { Component } from 'vue'

/** A place in the rail. */
export interface Place {
  path: string
  /** Where the rail leads, when not just there. */
  to?: string
  name: string
  icon: Component
  needs: string[]
}

/** The pages behind "fees", in the order of a cashier's, then a fee office's day. */
export const FEES: Omit<Place, 'icon'>[] = [
  { path: '/fees/counter', name: 'till.title', needs: ['payments.take'] },
  { path: '/fees/payments', name: 'paylist.title', needs: ['payments.view'] },
  { path: '/fees/back', name: 'back.title', needs: ['payments.approve', 'payments.take', 'payments.suspense'] },
  { path: '/fees/collect', name: 'collect.title', needs: ['payments.collect'] },
  { path: '/fees/day', name: 'day.title', needs: ['payments.close'] },
  { path: '/fees/receipts', name: 'stock.title', needs: ['payments.stock'] },
  { path: '/fees/services', name: 'services.title', needs: ['services.audit', 'services.settle', 'services.approve', 'services.catalogue'] },
  { path: '/fees/reports', name: 'fees.reports', needs: ['insight.fees'] },
  { path: '/fees/openings', name: 'opening.title', needs: ['billing.prepare', 'billing.open'] },
  { path: '/fees/settlements', name: 'run.title', needs: ['billing.settle'] },
  { path: '/fees/late', name: 'late.title', needs: ['billing.settle'] },
  { path: '/fees/book', name: 'book.title', needs: ['ledger.book'] },
  { path: '/fees/packs', name: 'pack.title', needs: ['billing.pack_edit', 'billing.pack_approve', 'billing.prepare'] },
]

export const PLACES: Place[] = [
  { path: '/work', name: 'nav.work', icon: Headset, needs: ['telephony.answer', 'order.create'] },
  { path: '/orders', to: '/orders?view=open', name: 'nav.orders', icon: ClipboardList, needs: ['order.view'] },
  { path: '/revisits', name: 'nav.revisits', icon: MessageSquareHeart, needs: ['order.revisit'] },
  { path: '/customers', name: 'nav.customers', icon: Users, needs: ['directory.view'] },
  { path: '/business', to: '/business/applications', name: 'nav.business', icon: FilePen, needs: ['billing.apply', 'billing.approve', 'billing.adjust', 'billing.decide', 'billing.hold', 'billing.read_meters'] },
  { path: '/book', name: 'nav.book', icon: BookUser, needs: ['directory.view'] },
  { path: '/quality', name: 'nav.quality', icon: ShieldCheck, needs: ['directory.cleanse'] },
  { path: '/imports', name: 'imports.title', icon: FileUp, needs: ['imports.view'] },
  { path: '/dispatch', name: 'nav.dispatch', icon: MapPinned, needs: ['dispatch.view'] },
  { path: '/calls', name: 'nav.calls', icon: Phone, needs: ['telephony.view', 'telephony.answer'] },
  { path: '/monitor', name: 'nav.monitor', icon: Activity, needs: ['telephony.supervise'] },
  { path: '/backlog', name: 'nav.backlog', icon: Radar, needs: ['insight.map', 'insight.numbers'] },
  { path: '/today', name: 'nav.today', icon: ChartColumn, needs: ['insight.numbers'] },
  { path: '/fees', name: 'nav.fees', icon: Banknote, needs: FEES.flatMap((p) => p.needs) },
  { path: '/admin', name: 'nav.admin', icon: Settings, needs: ['identity.manage', 'identity.grant', 'identity.audit', 'telephony.configure', 'channels.view'] },
]

/** The pages behind "administration". */
export const ADMIN: Omit<Place, 'icon'>[] = [
  { path: '/admin/staff', name: 'admin.staff', needs: ['identity.view'] },
  { path: '/admin/orgs', name: 'admin.orgs', needs: ['identity.view'] },
  { path: '/admin/roles', name: 'admin.roles', needs: ['identity.view', 'identity.grant'] },
  { path: '/admin/queues', name: 'admin.queues', needs: ['telephony.configure'] },
  { path: '/admin/flows', name: 'admin.flows', needs: ['telephony.configure'] },
  { path: '/admin/messages', name: 'admin.messages', needs: ['channels.view'] },
  { path: '/admin/log', name: 'admin.log', needs: ['identity.audit'] },
]

/** Sections of several pages. */
export const SECTIONS = { '/admin': ADMIN, '/fees': FEES }

/** Where somebody begins, by what he may do: who answers calls in the workspace, who takes money at the counter. */
export function firstPage(): string {
  const session = useSession()
  if (session.can('payments.take')) return '/fees'
  const order = session.canAny('telephony.answer')
    ? PLACES
    : PLACES.filter((p) => p.path !== '/work').sort((a, b) => rank(a) - rank(b))
  return order.find((p) => session.canAny(...p.needs))?.path ?? '/me'
}

const FIRST = ['/backlog', '/today', '/dispatch', '/orders']
const rank = (place: Place) => {
  const at = FIRST.indexOf(place.path)
  return at < 0 ? FIRST.length : at
}
