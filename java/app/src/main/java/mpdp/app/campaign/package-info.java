/**
 * Campaigns: many runs from one file. {@link mpdp.app.campaign.CampaignFile} says which runs,
 * {@link mpdp.app.campaign.Campaign} is the folder that holds them, and an {@link
 * mpdp.app.campaign.Executor} has them run.
 */
@NullMarked
package mpdp.app.campaign;

import org.jspecify.annotations.NullMarked;
