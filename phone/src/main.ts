/** The app starts here: the page first, the engine beside it, the service worker afterwards. */
import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { keepUpToDate } from './update.svelte';

performance.mark('hodi:start');
mount(App, { target: document.getElementById('app') as HTMLElement });
keepUpToDate();
