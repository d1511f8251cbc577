/** Decides what an operator, a kubelet and a scraper may see of the drain and do to it, and who of them needs the token. */
@Internal
@NullMarked
package dev.lastcall.management;

import dev.lastcall.drain.Internal;
import org.jspecify.annotations.NullMarked;
