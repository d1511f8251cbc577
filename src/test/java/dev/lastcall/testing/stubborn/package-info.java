/** Parts of an application that does not want to end; with them the packaged application is built a second time for the process tests. */
@NullMarked
package dev.lastcall.testing.stubborn;

import org.jspecify.annotations.NullMarked;
