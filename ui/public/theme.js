// Runs before the first paint, so that a chosen theme never flashes; src/features/preferences keeps it afterwards.
;(function () {
  try {
    var theme = localStorage.getItem('podium.theme')
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  } catch (error) {
    // Storage may be forbidden: the system's theme is fine then.
  }
})()
