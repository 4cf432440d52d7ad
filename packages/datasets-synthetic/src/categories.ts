import type { Category } from './category.ts'
import { brushed } from './categories/brushed.ts'
import { lozenge } from './categories/lozenge.ts'
import { terrazzo } from './categories/terrazzo.ts'
import { tray } from './categories/tray.ts'
import { washer } from './categories/washer.ts'
import { weave } from './categories/weave.ts'

/** All categories, in the order in which they are listed. */
export const CATEGORIES: readonly Category[] = [brushed, lozenge, terrazzo, tray, washer, weave]
