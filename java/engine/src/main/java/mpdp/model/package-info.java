/** The learned dynamics: an ensemble of probabilistic networks and its normaliser. */
@NullMarked
package mpdp.model;

import org.jspecify.annotations.NullMarked;
