/** Signing in and out on a phone that also works without a network. */
import { openStream, Problem, say, useSession, type SignedIn } from '@hearthline/kit'
import { useQueryClient } from '@tanstack/vue-query'
import { device } from '../device'
import { seedAnswers } from '../device/answers'
import { useQueue } from '../queue/useQueue'
import { remember, remembered, verified } from './person'

let closeStream: (() => void) | undefined

export function useFieldSession() {
  const session = useSession()
  const queries = useQueryClient()
  const queue = useQueue()

  /** Begins with what the phone remembers, then asks the server who this is. */
  async function start() {
    const known = remembered()
    if (known) {
      session.me = known
      await seedAnswers(queries, known.id)
    }
    void verify()
    addEventListener('online', () => {
      if (!verified.value && session.me) void verify()
    })
  }

  async function verify() {
    const known = session.me
    try {
      await session.restore()
    } catch {
      // Unreachable: the phone works on with what it knows, and sends nothing.
      session.me = known
      if (known) setTimeout(() => void verify(), 5_000)
      return
    }
    if (!session.me || session.me.app !== 'field') return leave()
    if (known && known.id !== session.me.id) queries.clear()
    enter(session.me)
  }

  function enter(me: SignedIn) {
    remember(me)
    verified.value = true
    closeStream ??= openStream(queries)
    void queue.hurry()
  }

  function leave() {
    verified.value = false
    remember(null)
    closeStream?.()
    closeStream = undefined
    session.me = null
  }

  async function signIn(login: string, password: string) {
    leave()
    queries.clear()
    await session.signIn(login, password, 'field')
    const me = session.me
    if (!me) return
    if (!me.permissions.some((key) => key.startsWith('field.'))) {
      await session.signOut()
      throw new Problem(403, 'device.wrong_app', say('field.sign_in.wrong_app'), say('field.sign_in.wrong_app'))
    }
    await seedAnswers(queries, me.id)
    enter(me)
  }

  /** Customers' data goes with the person; what is not sent yet stays. */
  async function signOut() {
    try {
      await session.signOut()
    } finally {
      leave()
      queries.clear()
      await (await device()).own.forgetAnswers()
    }
  }

  return { start, signIn, signOut, leave }
}
