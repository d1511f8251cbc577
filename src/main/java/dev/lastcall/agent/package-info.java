/** Decides how a run looks over HTTP: statuses, event framing, headers, and what a client is told when it asks for something else. */
@NullMarked
package dev.lastcall.agent;

import org.jspecify.annotations.NullMarked;
