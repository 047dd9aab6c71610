// Before the first paint: the scheme that the person chose, else that of the system; and the language.
(() => {
  const chosen = localStorage.getItem('mantine-color-scheme-value');
  const dark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.mantineColorScheme = dark ? 'dark' : 'light';
  document.documentElement.lang = localStorage.getItem('xinlai.language') ?? 'zh-TW';
})();
