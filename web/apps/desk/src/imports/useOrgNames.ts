import { identity } from '@hearthline/api'
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

/** Stations by their names, as far as the person may see the organisation; by their paths otherwise. */
export function useOrgNames() {
  const orgs = useQuery({ queryKey: ['identity', 'orgs'], queryFn: identity.orgs, retry: false })
  const names = computed(() => new Map((orgs.data.value?.items ?? []).map((o) => [o.path, o.name])))
  return (path: string) => names.value.get(path) ?? path
}
