/**
 * Properties of the resources that are emitted, by type, in the versions of their APIs that are used: `!` is required, braces
 * hold the properties of an object or of a list's items.
 *
 * @see https://learn.microsoft.com/azure/templates/
 */
export const AZURE_PROPERTIES: Readonly<Record<string, string>> = {
  "Microsoft.Authorization/roleAssignments":
    "properties!{roleDefinitionId! principalId! principalType condition conditionVersion description}",
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases":
    "location tags identity properties!{resource!{id! createMode} options}",
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers":
    "location tags identity properties!{resource!{id! partitionKey{paths kind version} defaultTtl indexingPolicy} options}",
  "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments":
    "properties!{roleDefinitionId principalId scope}",
  "Microsoft.EventGrid/systemTopics":
    "location! tags identity{type userAssignedIdentities} properties!{source topicType}",
  "Microsoft.EventGrid/systemTopics/eventSubscriptions":
    "properties!{destination{endpointType! properties{endpointUrl resourceId maxEventsPerBatch preferredBatchSizeInKilobytes}} " +
    "filter{includedEventTypes subjectBeginsWith subjectEndsWith isSubjectCaseSensitive advancedFilters} " +
    "eventDeliverySchema retryPolicy{maxDeliveryAttempts eventTimeToLiveInMinutes} labels expirationTimeUtc deadLetterDestination " +
    "deadLetterWithResourceIdentity{identity{type userAssignedIdentity} deadLetterDestination{endpointType! properties{resourceId blobContainerName}}}}",
  "Microsoft.EventGrid/topics":
    "location! tags sku kind identity{type userAssignedIdentities} " +
    "properties!{disableLocalAuth inputSchema minimumTlsVersionAllowed publicNetworkAccess}",
  "Microsoft.EventHub/namespaces/eventhubs":
    "properties!{messageRetentionInDays partitionCount retentionDescription status}",
  "Microsoft.EventHub/namespaces":
    "location tags identity sku{name! tier capacity} properties!{disableLocalAuth minimumTlsVersion}",
  "Microsoft.Insights/components":
    "location! tags kind! properties!{Application_Type! DisableLocalAuth WorkspaceResourceId IngestionMode RetentionInDays}",
  "Microsoft.ManagedIdentity/userAssignedIdentities": "location! tags",
  "Microsoft.OperationalInsights/workspaces":
    "location! tags identity properties!{sku{name! capacityReservationLevel} retentionInDays features workspaceCapping}",
  "Microsoft.ServiceBus/namespaces":
    "location! tags identity sku{name! tier capacity} properties!{disableLocalAuth minimumTlsVersion}",
  "Microsoft.ServiceBus/namespaces/queues":
    "properties!{maxDeliveryCount lockDuration deadLetteringOnMessageExpiration requiresSession defaultMessageTimeToLive}",
  "Microsoft.ServiceBus/namespaces/topics": "properties!{defaultMessageTimeToLive supportOrdering}",
  "Microsoft.ServiceBus/namespaces/topics/subscriptions":
    "properties!{maxDeliveryCount lockDuration deadLetteringOnMessageExpiration requiresSession defaultMessageTimeToLive}",
  "Microsoft.Storage/storageAccounts":
    "location! tags kind! sku!{name!} identity properties!{allowBlobPublicAccess allowSharedKeyAccess " +
    "defaultToOAuthAuthentication minimumTlsVersion supportsHttpsTrafficOnly publicNetworkAccess networkAcls}",
  "Microsoft.Storage/storageAccounts/blobServices": "properties!{deleteRetentionPolicy isVersioningEnabled}",
  "Microsoft.Storage/storageAccounts/blobServices/containers": "properties!{publicAccess metadata}",
  "Microsoft.Storage/storageAccounts/queueServices": "properties!{cors}",
  "Microsoft.Storage/storageAccounts/queueServices/queues": "properties!{metadata}",
  "Microsoft.Web/serverfarms":
    "location! tags kind sku{name tier capacity} properties!{reserved zoneRedundant}",
  "Microsoft.Web/sites":
    "location! tags kind identity{type userAssignedIdentities} properties!{serverFarmId httpsOnly functionAppConfig{" +
    "deployment{storage{type value authentication{type userAssignedIdentityResourceId storageAccountConnectionStringName}}} " +
    "runtime{name version} scaleAndConcurrency{instanceMemoryMB maximumInstanceCount alwaysReady{name instanceCount} triggers{http{perInstanceConcurrency}}}} " +
    "siteConfig{minTlsVersion appSettings{name value} cors ftpsState http20Enabled}}",
  "Microsoft.Web/sites/basicPublishingCredentialsPolicies": "properties!{allow!}",
};
