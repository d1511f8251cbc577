/** The common parts of the fuzz targets beside the code: the same bytes in other pieces, and a limit of time. */
@org.jspecify.annotations.NullMarked
package dev.lastcall.fuzz;
