package mpdp.backend.op;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import mpdp.tensor.Buffer;

/**
 * The operands of an op by name, each in the place that {@link OpEncoding} gives its value.
 *
 * @param buffers as kernels count them
 * @param integers the components of a {@link MlpShape} by their own names
 * @param numbers as kernels count them
 */
record OperandNames(List<String> buffers, List<String> integers, List<String> numbers) {
  /**
   * Of the components of an op's record.
   *
   * @throws IllegalStateException if two of them have one name
   */
  static OperandNames of(Op op) {
    OperandNames names = new OperandNames(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (RecordComponent component : op.operation().getRecordComponents()) {
      names.add(component);
    }
    List<String> all = new ArrayList<>(names.buffers);
    all.addAll(names.integers);
    all.addAll(names.numbers);
    if (new HashSet<>(all).size() < all.size()) {
      throw new IllegalStateException("two operands of " + op.id() + " have one name: " + all);
    }
    return names;
  }

  private void add(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == Buffer.class) {
      buffers.add(component.getName());
    } else if (type == float.class) {
      numbers.add(component.getName());
    } else if (type == MlpShape.class) {
      for (RecordComponent ofShape : type.getRecordComponents()) {
        integers.add(ofShape.getName());
      }
    } else {
      integers.add(component.getName());
    }
  }
}
