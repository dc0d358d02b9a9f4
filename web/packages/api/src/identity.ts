import { type Action, type SignedIn, get, patch, post, put } from '@hearthline/kit'
import type {
  EventRow,
  Items,
  Org,
  Page,
  Permission,
  Role,
  RolePermission,
  Session,
  Staff,
} from './contract'

const at = (path: string) => `/api/identity/${path}`

export const saveMe = (change: { name?: string; phone?: string }, action?: Action) =>
  patch<SignedIn>(at('me'), change, action)
export const changePassword = (old: string, next: string, action?: Action) =>
  post<unknown>(at('password'), { old, new: next }, action)
export const sessions = () => get<Items<Session>>(at('sessions'))

export const orgs = () => get<Items<Org>>(at('orgs'))
export type OrgDraft = Pick<Org, 'parent_id' | 'kind' | 'code' | 'name' | 'phone'>
export const addOrg = (org: OrgDraft, action?: Action) => post<Org>(at('orgs'), org, action)
export const saveOrg = (
  id: string,
  change: Partial<Pick<Org, 'name' | 'phone' | 'active'>>,
  action?: Action,
) => patch<Org>(at(`orgs/${id}`), change, action)

export interface StaffFilter {
  q?: string
  org?: string
  limit?: number
  after?: string
}
export interface StaffDraft {
  login: string
  name: string
  job_no: string | null
  phone: string | null
  org_id: string
  password: string
}
export const staff = (filter: StaffFilter) => get<Page<Staff>>(at('staff'), { ...filter })
export const addStaff = (draft: StaffDraft, action?: Action) => post<Staff>(at('staff'), draft, action)
export const saveStaff = (
  id: string,
  change: Partial<Omit<StaffDraft, 'login' | 'password'>> & { active?: boolean },
  action?: Action,
) => patch<Staff>(at(`staff/${id}`), change, action)
export const resetPassword = (id: string, password: string, action?: Action) =>
  post<unknown>(at(`staff/${id}/reset-password`), { password }, action)
export const signOutStaff = (id: string, action?: Action) =>
  post<unknown>(at(`staff/${id}/sign-out`), {}, action)
export const setStaffRoles = (
  id: string,
  roles: { role_id: string; org_id: string }[],
  action?: Action,
) => put<Staff>(at(`staff/${id}/roles`), { roles }, action)

export const roles = () => get<Items<Role>>(at('roles'))
export const addRole = (role: Pick<Role, 'key' | 'name' | 'name_en' | 'permissions'>, action?: Action) =>
  post<Role>(at('roles'), role, action)
export const setRolePermissions = (id: string, permissions: RolePermission[], action?: Action) =>
  put<Role>(at(`roles/${id}/permissions`), { permissions }, action)
export const permissions = () => get<Items<Permission>>(at('permissions'))

export interface EventFilter {
  subject?: string
  actor?: string
  kind?: string
  from?: string
  to?: string
  limit?: number
  after?: string
}
export const events = (filter: EventFilter) => get<Page<EventRow>>(at('events'), { ...filter })
