import { type Ref, onScopeDispose, readonly, ref, watch } from 'vue'

/** A value that follows another once that has rested for a while. */
export function useDelayed<T>(source: Ref<T> | (() => T), ms: number): Readonly<Ref<T>> {
  const read = typeof source === 'function' ? source : () => source.value
  const late = ref(read()) as Ref<T>
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(read, (value) => {
    clearTimeout(timer)
    timer = setTimeout(() => (late.value = value), ms)
  })
  onScopeDispose(() => clearTimeout(timer))
  return readonly(late) as Readonly<Ref<T>>
}
