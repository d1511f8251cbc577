package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static Buffer frame(int opcode, int length, boolean masked) {
        Buffer frame = Buffer.buffer().appendByte((byte) (0x80 | opcode));
        int mask = masked ? 0x80 : 0;
        if (length < 126) {
            frame.appendByte((byte) (mask | length));
        } else if (length < 1 << 16) {
            frame.appendByte((byte) (mask | 126)).appendUnsignedShort(length);
        } else {
            frame.appendByte((byte) (mask | 127)).appendLong(length);
        }
        if (masked) {
            frame.appendInt(0x12345678);
        }
        return frame.appendBytes(new byte[length]);
    }

    @Test
    void endsAreFoundHoweverTheBytesArrive() {
        Random random = new Random(7);
        int[] lengths = {0, 1, 125, 126, 127, 65535, 65536, 100000};
        for (int length : lengths) {
            for (boolean masked : new boolean[] {true, false}) {
                Buffer frame = frame(1, length, masked);
                Frames frames = new Frames();
                int at = 0;
                while (at < frame.length()) {
                    int next = Math.min(frame.length(), at + 1 + random.nextInt(at < 20 ? 3 : 5000));
                    Buffer part = frame.getBuffer(at, next);
                    assertThat(frames.passFrame(part, 0)).isEqualTo(part.length());
                    at = next;
                    assertThat(frames.isBetween()).isEqualTo(at == frame.length());
                }
                assertThat(frames.isClosed()).isFalse();
            }
        }
    }

    @Test
    void oneFrameOfManyIsPassedAtATime() {
        Buffer both = frame(1, 200, false).appendBuffer(frame(2, 3, false));
        Frames frames = new Frames();
        int first = frames.passFrame(both, 0);
        assertThat(first).isEqualTo(204);
        assertThat(frames.isBetween()).isTrue();
        assertThat(frames.passFrame(both, first)).isEqualTo(both.length());
    }

    @Test
    void closeIsNoticedAtItsEnd() {
        Frames frames = new Frames();
        Buffer close = frame(8, 30, true);
        frames.pass(close.getBuffer(0, 20));
        assertThat(frames.isClosed()).isFalse();
        frames.pass(close.getBuffer(20, close.length()));
        assertThat(frames.isClosed()).isTrue();
        Frames empty = new Frames();
        empty.pass(frame(8, 0, true));
        assertThat(empty.isClosed()).isTrue();
    }

    @Test
    void emptyMaskedFrameEndsWithItsMask() {
        Frames frames = new Frames();
        Buffer empty = frame(9, 0, true);
        frames.pass(empty.getBuffer(0, 4));
        assertThat(frames.isBetween()).isFalse();
        frames.pass(empty.getBuffer(4, 6));
        assertThat(frames.isBetween()).isTrue();
    }
}
