declare const __APP_VERSION__: string;

/** The words of the country pack that the app is built for: build/words.json. */
declare module 'virtual:hodi-words' {
  const words: import('./i18n/languages').AppWords;
  export default words;
}
