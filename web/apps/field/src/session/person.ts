/** Who holds the phone, as every tab of it knows. The session itself is the server's cookie. */
import type { SignedIn } from '@hearthline/kit'
import { ref } from 'vue'

const KEY = 'hl.field.person'

/** Whether the server has said in this page that the session is this person's. */
export const verified = ref(false)

export function remembered(): SignedIn | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null') as SignedIn | null
  } catch {
    return null
  }
}

export function remember(me: SignedIn | null) {
  if (me) localStorage.setItem(KEY, JSON.stringify(me))
  else localStorage.removeItem(KEY)
}

/** Under whose name requests would travel now; null while that is not certain. */
export function personForSending(mine: string | null): string | null {
  return verified.value && mine !== null && remembered()?.id === mine ? mine : null
}

/** Another tab signed somebody else in or out: this page would speak for the wrong person. */
export function onOtherPerson(then: () => void) {
  addEventListener('storage', (event) => {
    if (event.key === KEY) then()
  })
}
