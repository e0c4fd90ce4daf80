package mpdp.theory;

/** A statement about extended policy improvement, and whether it is true. */
public enum Statement {
  LEMMA_1("Lemma 1: V_new >= V_old at every state", true),
  LEMMA_1_SHARPER("Lemma 1, sharper: V_new >= (T*)^H V_old >= V_old", true),
  LEMMA_1_CONTRACTION("Lemma 1, contraction: |V* - V_new| <= g^H |V* - V_old|", true),
  LEMMA_1_TAIL_AS_PRINTED("Lemma 1 with the tail printed without g^H", false),
  THEOREM_2("Theorem 2: evaluation and improvement in turn reach V*", true),
  LEMMA_3("Lemma 3: J^{H+1}* >= J^H*", true),
  THEOREM_4("Theorem 4, corrected: V_new >= J^H* >= V* - g^H |V* - V_old|", true),
  THEOREM_4_NON_NEGATIVE("Theorem 4 as printed, rewards >= 0", true),
  THEOREM_4_AS_PRINTED("Theorem 4 as printed, rewards of any sign", false),
  THEOREM_5("Theorem 5: some larger H is at least as good", true),
  GROWTH_WITH_HORIZON("V_new grows with H at every state", false),
  KL_FORM("KL form: J^H(pi) = (T*)^H V_old - alpha E sum g^h KL(pi_h || pi*_h)", true),
  ADAPTIVE_STOPPING("Adaptive stopping that keeps the last reward: Lemma 1", true),
  ADAPTIVE_STOPPING_AS_PRINTED("Adaptive stopping that drops the last reward: Lemma 1", false),
  PENALTY_BOUND("Penalty: V_new >= V_old - beta u_max / (1 - g)", true),
  PENALTY_LEMMA_1("Penalty: V_new >= V_old", false),
  SHARED_POLICY("One policy for all H steps: a higher objective, no lower value", false);

  private final String title;
  private final boolean shouldHold;

  Statement(String title, boolean shouldHold) {
    this.title = title;
    this.shouldHold = shouldHold;
  }

  /** The statement in the paper's notation. */
  public String title() {
    return title;
  }

  /** Whether it is a theorem; if not, counterexamples are what one expects to see. */
  public boolean shouldHold() {
    return shouldHold;
  }
}
