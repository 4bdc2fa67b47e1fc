import '@fontsource-variable/source-sans-3/index.css';
import '@fontsource-variable/source-sans-3/wght-italic.css';
import '@fontsource-variable/source-code-pro/index.css';
import '../../src/ui/tokens.css';
import '../../src/ui/base.css';
import '../../src/ui/partitions/status-text.css';
import { mount } from 'svelte';
import NotebookGallery from './NotebookGallery.svelte';

document.documentElement.dataset['theme'] =
  new URLSearchParams(location.search).get('theme') ?? 'light';
const target = document.getElementById('app');
if (target) mount(NotebookGallery, { target });
