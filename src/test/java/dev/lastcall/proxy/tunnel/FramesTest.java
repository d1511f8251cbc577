package dev.lastcall.proxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
    private static final int ALL = Integer.MAX_VALUE;

    private static ByteBuf frame(int opcode, int length, boolean masked) {
        ByteBuf frame = Unpooled.buffer().writeByte(0x80 | opcode);
        int mask = masked ? 0x80 : 0;
        if (length < 126) {
            frame.writeByte(mask | length);
        } else if (length < 1 << 16) {
            frame.writeByte(mask | 126).writeShort(length);
        } else {
            frame.writeByte(mask | 127).writeLong(length);
        }
        if (masked) {
            frame.writeInt(0x12345678);
        }
        return frame.writeZero(length);
    }

    @Test
    void endsAreFoundHoweverTheBytesArrive() {
        Random random = new Random(7);
        int[] lengths = {0, 1, 125, 126, 127, 65535, 65536, 100000};
        for (int length : lengths) {
            for (boolean masked : new boolean[] {true, false}) {
                ByteBuf frame = frame(1, length, masked);
                Frames frames = new Frames();
                int at = 0;
                int come = 0;
                while (at < frame.writerIndex()) {
                    come = Math.min(frame.writerIndex(), come + 1 + random.nextInt(at < 20 ? 3 : 5000));
                    at += frames.pass(frame.slice(at, come - at), ALL);
                    assertThat(at == come || come - at < 14).isTrue();
                    assertThat(frames.isBetween()).isEqualTo(at == 0 || at == frame.writerIndex());
                }
                assertThat(frames.isClosed()).isFalse();
                assertThat(frames.isBroken()).isFalse();
            }
        }
    }

    @Test
    void oneFrameOfManyIsPassedAtATime() {
        ByteBuf both = Unpooled.wrappedBuffer(frame(1, 200, false), frame(2, 3, false));
        Frames frames = new Frames();
        assertThat(frames.pass(both, 1)).isEqualTo(204);
        assertThat(frames.isBetween()).isTrue();
        assertThat(frames.pass(both.skipBytes(204), 1)).isEqualTo(5);
    }

    @Test
    void closeIsNoticedAtItsEnd() {
        Frames frames = new Frames();
        ByteBuf close = frame(8, 30, true);
        frames.pass(close.readSlice(20), ALL);
        assertThat(frames.isClosed()).isFalse();
        frames.pass(close, ALL);
        assertThat(frames.isClosed()).isTrue();
        Frames empty = new Frames();
        empty.pass(frame(8, 0, true), ALL);
        assertThat(empty.isClosed()).isTrue();
    }

    @Test
    void headerThatIsNotWholeIsLeft() {
        Frames frames = new Frames();
        ByteBuf two = Unpooled.wrappedBuffer(frame(1, 2, false), frame(9, 0, true));
        assertThat(frames.pass(two.slice(0, 8), ALL)).isEqualTo(4);
        assertThat(frames.pass(two.slice(4, 6), ALL)).isEqualTo(6);
        assertThat(frames.isBetween()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, -100, Long.MIN_VALUE})
    void lengthWithItsTopBitSetIsNone(long length) {
        for (int mask : new int[] {0, 0x80}) {
            Frames frames = new Frames();
            ByteBuf good = frame(1, 3, mask != 0);
            int before = good.readableBytes();
            good.writeByte(0x82)
                    .writeByte(mask | 127)
                    .writeLong(length)
                    .writeInt(0)
                    .writeByte(1);
            assertThat(frames.pass(good, ALL)).isEqualTo(before);
            assertThat(frames.isBroken()).isTrue();
            assertThat(frames.isBetween()).isTrue();
        }
    }

    @Test
    void controlFrameIsShort() {
        Frames frames = new Frames();
        assertThat(frames.pass(frame(9, 126, false), ALL)).isZero();
        assertThat(frames.isBroken()).isTrue();
        assertThat(new Frames().pass(frame(9, 125, false), ALL)).isEqualTo(127);
    }

    @Test
    void longestLengthIsOne() {
        Frames frames = new Frames();
        ByteBuf huge = Unpooled.buffer()
                .writeByte(0x82)
                .writeByte(127)
                .writeLong(Long.MAX_VALUE)
                .writeByte(1);
        assertThat(frames.pass(huge, ALL)).isEqualTo(11);
        assertThat(frames.isBroken()).isFalse();
        assertThat(frames.isBetween()).isFalse();
    }
}
