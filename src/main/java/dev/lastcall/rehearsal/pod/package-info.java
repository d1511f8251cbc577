/** Decides when a pod is started, ready, told to end and killed, by the kubelet's rules. */
@NullMarked
package dev.lastcall.rehearsal.pod;

import org.jspecify.annotations.NullMarked;
