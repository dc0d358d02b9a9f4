import { defineConfig } from '@playwright/test'

/** One house, one worker: the stories share two cores with PostgreSQL, Asterisk and Chromium. */
export default defineConfig({
  testDir: 'people',
  outputDir: 'results',
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: { trace: 'off', screenshot: 'off', actionTimeout: 15_000 },
})
