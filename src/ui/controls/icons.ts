/*
 * The icons in use, from lucide (ISC): the text of each file, fixed when the site is
 * built. Drawn at 16 px with a stroke of 1.6 by `Icon.svelte`.
 */
import arrowDown from 'lucide-static/icons/arrow-down.svg?raw';
import arrowLeft from 'lucide-static/icons/arrow-left.svg?raw';
import arrowRight from 'lucide-static/icons/arrow-right.svg?raw';
import arrowUp from 'lucide-static/icons/arrow-up.svg?raw';
import chartGantt from 'lucide-static/icons/chart-gantt.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import chevronDown from 'lucide-static/icons/chevron-down.svg?raw';
import clock from 'lucide-static/icons/clock.svg?raw';
import copy from 'lucide-static/icons/copy.svg?raw';
import download from 'lucide-static/icons/download.svg?raw';
import ellipsis from 'lucide-static/icons/ellipsis.svg?raw';
import file from 'lucide-static/icons/file.svg?raw';
import folder from 'lucide-static/icons/folder.svg?raw';
import folderOpen from 'lucide-static/icons/folder-open.svg?raw';
import grid from 'lucide-static/icons/grid-2x2.svg?raw';
import link from 'lucide-static/icons/link.svg?raw';
import notebook from 'lucide-static/icons/notebook-text.svg?raw';
import pause from 'lucide-static/icons/pause.svg?raw';
import play from 'lucide-static/icons/play.svg?raw';
import plus from 'lucide-static/icons/plus.svg?raw';
import rotate from 'lucide-static/icons/rotate-cw.svg?raw';
import scroll from 'lucide-static/icons/scroll-text.svg?raw';
import search from 'lucide-static/icons/search.svg?raw';
import square from 'lucide-static/icons/square.svg?raw';
import sunMoon from 'lucide-static/icons/sun-moon.svg?raw';
import timer from 'lucide-static/icons/timer.svg?raw';
import trash from 'lucide-static/icons/trash-2.svg?raw';
import undo from 'lucide-static/icons/undo-2.svg?raw';
import upload from 'lucide-static/icons/upload.svg?raw';
import waypoints from 'lucide-static/icons/waypoints.svg?raw';
import x from 'lucide-static/icons/x.svg?raw';

/** By the name that components use. */
export const icons = {
  'arrow-down': arrowDown,
  'arrow-left': arrowLeft,
  'arrow-right': arrowRight,
  'arrow-up': arrowUp,
  check,
  'chevron-down': chevronDown,
  clock,
  copy,
  download,
  ellipsis,
  file,
  folder,
  'folder-open': folderOpen,
  grid,
  link,
  notebook,
  pause,
  play,
  plus,
  rotate,
  runs: chartGantt,
  scroll,
  search,
  square,
  theme: sunMoon,
  timer,
  trash,
  undo,
  upload,
  graph: waypoints,
  x,
} as const;

export type IconName = keyof typeof icons;
