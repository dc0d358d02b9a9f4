import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** Filters that live in the address bar, so that a view can be kept and sent. */
export function useFilters<K extends string>(...names: K[]) {
  const route = useRoute()
  const router = useRouter()
  const one = (name: K): WritableComputedRef<string> =>
    computed({
      get: () => String(route.query[name] ?? ''),
      set: (value) =>
        void router.replace({ query: { ...route.query, [name]: value === '' ? undefined : value } }),
    })
  return Object.fromEntries(names.map((name) => [name, one(name)])) as Record<
    K,
    WritableComputedRef<string>
  >
}
