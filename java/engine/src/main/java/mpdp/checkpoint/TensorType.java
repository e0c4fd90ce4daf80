package mpdp.checkpoint;

import java.util.Optional;

/** An element type of a stored tensor; the constant's name is its name in a safetensors header. */
public enum TensorType {
  F32(4),
  I32(4),
  I64(8),
  U8(1);

  private final int bytes;

  TensorType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  static Optional<TensorType> named(String name) {
    for (TensorType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
