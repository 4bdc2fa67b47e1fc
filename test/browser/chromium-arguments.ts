/** How tests and benchmarks start Chromium: quiet, without a GPU, and able to run as root. */
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
] as const;

/**
 * What Chromium prepares in each of its windows for the field of addresses, which no test ever opens: two pages in a
 * process of their own, at a third of the work of opening ours.
 */
const IDLE_FEATURES = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

/** What Playwright turns off. Its own list does not count where another is given. */
const PLAYWRIGHT_FEATURES = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

/** How tests start a Chromium that Playwright drives. */
export const PLAYWRIGHT_ARGUMENTS = [
  ...CHROMIUM_ARGUMENTS,
  `--disable-features=${[...PLAYWRIGHT_FEATURES, ...IDLE_FEATURES].join(',')}`,
] as const;

/** How tests start a Chromium that nothing else gives arguments to. */
export const BARE_ARGUMENTS = [
  ...CHROMIUM_ARGUMENTS,
  `--disable-features=${IDLE_FEATURES.join(',')}`,
] as const;
