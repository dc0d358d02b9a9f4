import { onBeforeUnmount } from 'vue'

/** Prints a PDF of our own from a hidden frame: the cashier's hands stay on the keys. */
export function usePrint() {
  let frame: HTMLIFrameElement | undefined
  function print(url: string) {
    frame?.remove()
    frame = document.createElement('iframe')
    frame.style.cssText = 'position:fixed;width:0;height:0;border:0;inset:auto 0 0 auto'
    frame.title = 'receipt'
    frame.onload = () => frame?.contentWindow?.print()
    frame.src = url
    document.body.append(frame)
  }
  onBeforeUnmount(() => frame?.remove())
  return { print }
}
