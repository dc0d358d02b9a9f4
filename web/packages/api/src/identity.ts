import type { Action, SignedIn } from '@hearthline/kit'
import { asked, get, patch, post, put } from './call'
import type {
  EventFilter,
  EventRow,
  Items,
  Org,
  Page,
  Permission,
  Role,
  RolePermission,
  Session,
  Staff,
  StaffFilter,
} from './types'

export const saveMe = (body: { name?: string; phone?: string }, action?: Action): Promise<SignedIn> =>
  patch('/api/identity/me', { body, action })
export const changePassword = (old: string, next: string, action?: Action) =>
  post('/api/identity/password', { body: { old, new: next }, action })
export const sessions = (): Promise<Items<Session>> => get('/api/identity/sessions', {})

export const orgs = (): Promise<Items<Org>> => get('/api/identity/orgs', {})
export type OrgDraft = Pick<Org, 'kind' | 'code' | 'name' | 'phone'> & { parent_id: string }
export const addOrg = (body: OrgDraft, action?: Action): Promise<Org> =>
  post('/api/identity/orgs', { body, action })
export const saveOrg = (
  id: string,
  body: Partial<Pick<Org, 'name' | 'phone' | 'active'>>,
  action?: Action,
): Promise<Org> => patch('/api/identity/orgs/{id}', { path: { id }, body, action })

export interface StaffDraft {
  login: string
  name: string
  job_no: string | null
  phone: string | null
  org_id: string
  password: string
}
export const staff = (filter: StaffFilter): Promise<Page<Staff>> =>
  get('/api/identity/staff', { query: asked(filter) })
export const addStaff = (body: StaffDraft, action?: Action): Promise<Staff> =>
  post('/api/identity/staff', { body, action })
export const saveStaff = (
  id: string,
  body: Partial<Omit<StaffDraft, 'login' | 'password'>> & { active?: boolean },
  action?: Action,
): Promise<Staff> => patch('/api/identity/staff/{id}', { path: { id }, body, action })
export const resetPassword = (id: string, password: string, action?: Action) =>
  post('/api/identity/staff/{id}/reset-password', { path: { id }, body: { password }, action })
export const signOutStaff = (id: string, action?: Action) =>
  post('/api/identity/staff/{id}/sign-out', { path: { id }, action })
export const setStaffRoles = (
  id: string,
  roles: { role_id: string; org_id: string }[],
  action?: Action,
): Promise<Staff> => put('/api/identity/staff/{id}/roles', { path: { id }, body: { roles }, action })

export const roles = (): Promise<Items<Role>> => get('/api/identity/roles', {})
export const addRole = (
  body: Pick<Role, 'key' | 'name' | 'name_en' | 'permissions'>,
  action?: Action,
): Promise<Role> => post('/api/identity/roles', { body, action })
export const setRolePermissions = (
  id: string,
  permissions: RolePermission[],
  action?: Action,
): Promise<Role> =>
  put('/api/identity/roles/{id}/permissions', { path: { id }, body: { permissions }, action })
export const permissions = (): Promise<Items<Permission>> => get('/api/identity/permissions', {})

export const events = (filter: EventFilter): Promise<Page<EventRow>> =>
  get('/api/identity/events', { query: asked(filter) }) as Promise<Page<EventRow>>
