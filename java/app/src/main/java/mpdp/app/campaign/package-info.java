/**
 * Campaigns: many runs from one file. {@link mpdp.app.campaign.CampaignFile} says which runs,
 * {@link mpdp.app.campaign.Campaign} is the folder that holds them.
 */
@NullMarked
package mpdp.app.campaign;

import org.jspecify.annotations.NullMarked;
