package dev.lastcall.proxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Pieces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;

/** WebSocket frames: their boundaries are those that a plain reading of RFC 6455, 5.2 finds. */
class FramesFuzzTest {
    private record Seen(int passed, boolean between, boolean closed, boolean broken) {}

    @FuzzTest
    void boundariesAreFoundWhereverTheBytesAreCut(byte[] input) {
        assertThat(Pieces.alike(input, FramesFuzzTest::read)).isEqualTo(expected(ByteBuffer.wrap(input)));
    }

    private static Seen read(List<byte[]> pieces) {
        Frames frames = new Frames();
        ByteBuf held = Unpooled.buffer();
        int passed = 0;
        for (byte[] piece : pieces) {
            held.writeBytes(piece);
            for (int more = -1; more != 0 && !frames.isBroken(); ) {
                more = frames.pass(held, 1);
                held.skipBytes(more);
                passed += more;
            }
        }
        return new Seen(passed, frames.isBetween(), frames.isClosed(), frames.isBroken());
    }

    private static Seen expected(ByteBuffer bytes) {
        boolean closed = false;
        while (true) {
            int begin = bytes.position();
            if (bytes.remaining() < 2) {
                return new Seen(begin, true, closed, false);
            }
            int opcode = bytes.get() & 0x0f;
            byte second = bytes.get();
            int extended = (second & 0x7f) == 127 ? 8 : (second & 0x7f) == 126 ? 2 : 0;
            int mask = second < 0 ? 4 : 0;
            if (bytes.remaining() < extended + mask) {
                return new Seen(begin, true, closed, false);
            }
            long length = extended == 8 ? bytes.getLong() : extended == 2 ? bytes.getShort() & 0xffff : second & 0x7f;
            if (length < 0 || (opcode >= 8 && extended > 0)) {
                return new Seen(begin, true, closed, true);
            }
            bytes.position(bytes.position() + mask);
            if (length > bytes.remaining()) {
                return new Seen(bytes.limit(), false, closed, false);
            }
            bytes.position(bytes.position() + (int) length);
            closed |= opcode == 8;
        }
    }
}
