import { onBeforeUnmount, onMounted, type Ref, ref, watch } from 'vue'

/** Whether a key was meant for a field and not for the page. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && !!target.closest('input, textarea, select, [contenteditable], [role=dialog]')
}

/** j and k move, Enter opens, / goes to the search box, Esc gives up. */
export function useListKeys<T>(
  items: Ref<readonly T[]>,
  open: (item: T) => void,
  search?: Ref<HTMLElement | { focus(): void } | undefined | null>,
) {
  const at = ref(-1)
  watch(items, (now) => {
    if (at.value >= now.length) at.value = now.length - 1
  })
  function move(by: number) {
    at.value = Math.max(0, Math.min(items.value.length - 1, at.value + by))
    requestAnimationFrame(() =>
      document.querySelector('[data-row].on')?.scrollIntoView({ block: 'nearest' }),
    )
  }
  function press(event: KeyboardEvent) {
    if (isTyping(event.target) || event.metaKey || event.ctrlKey || event.altKey) return
    const item = items.value[at.value]
    if (event.key === 'j' || event.key === 'ArrowDown') move(1)
    else if (event.key === 'k' || event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter' && item && event.target === document.body) open(item)
    else if (event.key === '/') search?.value?.focus()
    else if (event.key === 'Escape') at.value = -1
    else return
    event.preventDefault()
  }
  onMounted(() => addEventListener('keydown', press))
  onBeforeUnmount(() => removeEventListener('keydown', press))
  return { at }
}
