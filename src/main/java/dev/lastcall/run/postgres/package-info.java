/** Decides how runs are stored, claimed and leased in PostgreSQL. */
@NullMarked
package dev.lastcall.run.postgres;

import org.jspecify.annotations.NullMarked;
