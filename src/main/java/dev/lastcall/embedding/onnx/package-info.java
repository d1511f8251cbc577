/** Decides how a transformer is run by ONNX Runtime, whose classes are seen from here alone and only where they are configured. */
@NullMarked
package dev.lastcall.embedding.onnx;

import org.jspecify.annotations.NullMarked;
