import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { get, onSignedOut, post } from './http'
import { Problem } from './problem'

/** Who is signed in, as far as every app needs to know. */
export interface SignedIn {
  id: string
  login: string
  name: string
  job_no: string | null
  phone: string | null
  org: { id: string; name: string; path: string; kind: string }
  roles: { key: string; name: string; name_en: string }[]
  permissions: string[]
  app: string
}

export type AppName = 'desk' | 'field' | 'wall'

/** Who is signed in, and what he may do. Hiding is courtesy: the server decides. */
export const useSession = defineStore('session', () => {
  const me = ref<SignedIn | null>(null)
  /** Whether we have asked the server yet. */
  const settled = ref(false)
  const keys = computed(() => new Set(me.value?.permissions ?? []))

  /** Holds this permission. */
  const can = (key: string) => keys.value.has(key)
  /** Holds one of these. */
  const canAny = (...any: string[]) => any.some(can)

  /** Asks who is signed in; nobody is an answer, an unreachable server is not. */
  async function restore() {
    try {
      me.value = await get<SignedIn>('/api/identity/me')
    } catch (e) {
      if (!(e instanceof Problem && e.status === 401)) throw e
      me.value = null
    } finally {
      settled.value = true
    }
  }

  async function signIn(login: string, password: string, app: AppName) {
    me.value = await post<SignedIn>('/api/identity/sign-in', { login, password, app })
    settled.value = true
  }

  async function signOut(everywhere = false) {
    await post(everywhere ? '/api/identity/sign-out-everywhere' : '/api/identity/sign-out')
    me.value = null
  }

  onSignedOut(() => (me.value = null))

  return { me, settled, can, canAny, restore, signIn, signOut }
})
