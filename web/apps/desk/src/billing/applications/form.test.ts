import { describe, expect, it } from 'vitest'
import { type Draft, KINDS, area, emptyDraft, formOf } from './form'

const draft = (more: Partial<Draft>): Draft => ({ ...emptyDraft('2026-12-01'), ...more })

describe('the form of an application', () => {
  it('takes areas that can be kept exactly, and nothing else', () => {
    expect(['90', '90.5', ' 101.25 '].map(area)).toEqual(['90', '90.5', '101.25'])
    for (const bad of ['', '-1', '1.234', '1e3', '九十', '1,5']) expect(area(bad)).toBeNull()
  })
  it('is there only when it is complete', () => {
    expect(formOf(draft({ kind: 'stop', to: '2026-12-01' }))).toBeNull()
    expect(formOf(draft({ kind: 'stop', to: '2027-02-01' }))).toEqual({ kind: 'stop', from: '2026-12-01', to: '2027-02-01' })
    expect(formOf(draft({ kind: 'area', premise_id: 'p', building_area: 'x', heated_area: '80' }))).toBeNull()
    expect(formOf(draft({ kind: 'area', premise_id: 'p', heated_area: '80' }))).toMatchObject({ heated_area: '80', building_area: null })
    const alone = KINDS.filter((kind) => formOf(draft({ kind })))
    expect(alone).toEqual(['stop', 'restore', 'entry', 'demolition'])
  })
})
