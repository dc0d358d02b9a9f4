import { orders } from '@hearthline/api'
import { locale } from '@hearthline/kit'
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

/** Kinds, symptoms and causes, in the person's language. */
export function useCatalogue() {
  const query = useQuery({ queryKey: ['catalogue'], queryFn: orders.catalogue, staleTime: 600_000 })
  const named = <T extends { name: string; name_en: string }>(of: T) => ({
    ...of,
    label: locale.value === 'en' ? of.name_en : of.name,
  })
  const kinds = computed(() => (query.data.value?.kinds ?? []).map(named))
  const symptoms = computed(() => (query.data.value?.symptoms ?? []).map(named))
  const causes = computed(() => (query.data.value?.causes ?? []).map(named))
  const causeName = (key: string) => causes.value.find((c) => c.key === key)?.label ?? key
  return { query, kinds, symptoms, causes, causeName }
}
