/** A beat each 5 s. In a worker, because browsers slow the timers of pages that are not in front. */
const BEAT_MS = 5_000
setInterval(() => postMessage('beat'), BEAT_MS)
export {}
