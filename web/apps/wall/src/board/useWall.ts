/** The wall's data: asked every five seconds and whenever something has changed. */
import { insight, notices, type Today } from '@hearthline/api'
import { now, percent, stopwatch, useNow } from '@hearthline/kit'
import { useQuery } from '@tanstack/vue-query'
import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { freshness, waitTone } from './freshness'
import { extend, standing, trend, type Sample } from './history'

const EACH_MS = 5_000
const KEY = 'hl.wall.history'

type Track = 'waiting' | 'answer' | 'open' | 'timely' | 'satisfied'

export interface Figure {
  key: string
  value: string
  unit: string
  sub: string
  tone: 'calm' | 'risk' | 'late'
  trend: 'up' | 'down' | 'flat'
  /** A rise is good news, bad news, or neither. */
  good: 'up' | 'down' | null
  line: number[]
}

const openOf = (today: Today) => Object.values(today.orders.open_by_state).reduce((a, n) => a + (n ?? 0), 0)

export function useWall() {
  const { t } = useI18n()
  const tick = useNow()
  const query = useQuery({ queryKey: ['insight', 'wall'], queryFn: () => insight.wall(), refetchInterval: EACH_MS, refetchIntervalInBackground: true })
  const news = useQuery({ queryKey: ['notices', 'active'], queryFn: () => notices.list(), refetchInterval: 15_000, refetchIntervalInBackground: true })

  const history = ref<Partial<Record<Track, Sample[]>>>(read())
  watch(
    () => query.data.value?.today,
    (today) => {
      if (!today) return
      const values: Record<Track, number | null> = {
        waiting: today.calls.waiting,
        answer: today.calls.answer_rate,
        open: openOf(today),
        timely: today.orders.timely_rate,
        satisfied: today.satisfaction.rate,
      }
      const next: Partial<Record<Track, Sample[]>> = {}
      for (const [key, value] of Object.entries(values) as [Track, number | null][])
        next[key] = extend(history.value[key] ?? [], value, now())
      history.value = next
      localStorage.setItem(KEY, JSON.stringify(next))
    },
    { immediate: true },
  )

  const ageMs = computed(() => {
    void tick.value
    return Math.max(0, Date.now() - query.dataUpdatedAt.value)
  })
  const figures = computed(() => (query.data.value ? six(query.data.value.today) : []))

  function six(today: Today): Figure[] {
    const { calls, orders, satisfaction } = today
    const hours = calls.by_hour.filter((h) => h.arrived > 0)
    const own = (key: Track) => history.value[key] ?? []
    const along = (key: Track) => ({ trend: trend(own(key), now()), line: own(key).map((s) => s.value) })
    const longest = stopwatch(calls.longest_wait_s)
    return [
      {
        key: 'waiting', value: String(calls.waiting), unit: t('wall.figures.waiting_unit'), good: 'down', ...along('waiting'),
        sub: calls.waiting ? t('wall.figures.waiting_sub', { time: longest }) : t('wall.figures.waiting_none'),
        tone: calls.waiting ? waitTone(calls.longest_wait_s) : 'calm',
      },
      {
        key: 'calls', value: String(calls.arrived), unit: '', good: null, tone: 'calm', trend: 'flat',
        sub: t('wall.figures.calls_sub', { answered: calls.answered, abandoned: calls.abandoned }),
        line: calls.by_hour.map((h) => h.arrived),
      },
      {
        key: 'answer', value: percent(calls.answer_rate), unit: '', good: 'up', ...along('answer'),
        sub: calls.avg_wait_s === null ? t('wall.figures.answer_sub_none') : t('wall.figures.answer_sub', { n: Math.round(calls.avg_wait_s) }),
        tone: calls.answer_rate !== null && calls.answer_rate < 0.8 ? 'late' : 'calm',
        ...(hours.length > 1 ? { line: hours.map((h) => h.answered / h.arrived) } : {}),
      },
      {
        key: 'open', value: String(openOf(today)), unit: '', good: 'down', ...along('open'),
        sub: t('wall.figures.open_sub', { late: orders.late, risk: orders.at_risk }),
        tone: orders.late > 0 ? 'late' : orders.at_risk > 0 ? 'risk' : 'calm',
        line: standing(openOf(today), orders.by_hour),
      },
      {
        key: 'timely', value: percent(orders.timely_rate), unit: '', good: 'up', ...along('timely'),
        sub: t('wall.figures.timely_sub', { opened: orders.opened, closed: orders.closed }),
        tone: orders.timely_rate !== null && orders.timely_rate < 0.9 ? 'risk' : 'calm',
      },
      {
        key: 'satisfied', value: percent(satisfaction.rate), unit: '', good: 'up', ...along('satisfied'),
        sub: t('wall.figures.satisfied_sub', { good: satisfaction.satisfied, fair: satisfaction.fair, bad: satisfaction.unsatisfied }),
        tone: satisfaction.rate !== null && satisfaction.rate < 0.85 ? 'risk' : 'calm',
      },
    ]
  }

  return { query, news, figures, ageMs, fresh: computed(() => freshness(ageMs.value)), tick }
}

function read(): Partial<Record<Track, Sample[]>> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<Track, Sample[]>>
  } catch {
    return {}
  }
}
