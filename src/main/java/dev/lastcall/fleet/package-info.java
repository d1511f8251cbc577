/** Decides what pods know of each other's drains: the past ones in PostgreSQL or Redis, the present ones by Redis; neither is ever waited for. */
@NullMarked
package dev.lastcall.fleet;

import org.jspecify.annotations.NullMarked;
