package dev.lastcall.embedding.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.lastcall.embedding.TransformerSession;
import dev.lastcall.embedding.UnitVectors;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Map;
import java.util.Set;

/** A BERT model in ONNX Runtime. Its memory grows with the largest batch and is given back by {@link #close}. */
public final class OnnxSession implements TransformerSession {
    private static final Set<String> OUTPUT = Set.of("last_hidden_state");

    private final OrtEnvironment environment;
    private final OrtSession.SessionOptions options;
    private final OrtSession session;

    /**
     * Loads a model.
     *
     * @param file by its path, so that its bytes do not pass through the heap, which would stay as large as that
     */
    public OnnxSession(String file, int threads) {
        try {
            environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "lastcall");
            options = new OrtSession.SessionOptions();
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            // Without an arena what a batch took is free again behind it.
            options.setCPUArenaAllocator(false);
            options.setMemoryPatternOptimization(false);
            // Idle threads would turn for as long as a request takes.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = environment.createSession(file, options);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
        }
    }

    @Override
    public float[][] run(long[][] ids, int[] lengths) {
        int rows = ids.length;
        int width = ids[0].length;
        LongBuffer tokens = LongBuffer.allocate(rows * width);
        LongBuffer mask = LongBuffer.allocate(rows * width);
        for (int row = 0; row < rows; row++) {
            tokens.put(ids[row]);
            for (int i = 0; i < width; i++) {
                mask.put(i < lengths[row] ? 1 : 0);
            }
        }
        long[] shape = {rows, width};
        try (OnnxTensor first = OnnxTensor.createTensor(environment, tokens.flip(), shape);
                OnnxTensor second = OnnxTensor.createTensor(environment, mask.flip(), shape);
                OnnxTensor third = OnnxTensor.createTensor(environment, LongBuffer.allocate(rows * width), shape);
                OrtSession.Result result = session.run(
                        Map.of("input_ids", first, "attention_mask", second, "token_type_ids", third), OUTPUT)) {
            return means(((OnnxTensor) result.get(0)).getFloatBuffer(), lengths, width);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
        }
    }

    private static float[][] means(FloatBuffer states, int[] lengths, int width) {
        int size = states.remaining() / (lengths.length * width);
        float[] state = new float[size];
        float[][] means = new float[lengths.length][size];
        for (int row = 0; row < lengths.length; row++) {
            for (int i = 0; i < lengths[row]; i++) {
                states.get((row * width + i) * size, state);
                for (int j = 0; j < size; j++) {
                    means[row][j] += state[j];
                }
            }
            UnitVectors.normalise(means[row]);
        }
        return means;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
        } finally {
            // The environment itself, some kilobytes, is the library's to close, at the process' end.
            options.close();
        }
    }
}
