-- Lines 153 to 165 of the guide. A table that is there is left as it is.
CREATE TABLE IF NOT EXISTS mev_opportunities
(
    timestamp DateTime64(9) CODEC(DoubleDelta, ZSTD(3)),
    opportunity_id UUID CODEC(ZSTD(3)),
    type Enum8('arbitrage' = 1, 'sandwich' = 2, 'liquidation' = 3),
    profit Float64 CODEC(Gorilla, ZSTD(3)),
    pools Array(String) CODEC(ZSTD(3)),
    INDEX idx_timestamp timestamp TYPE minmax GRANULARITY 8192,
    INDEX idx_profit profit TYPE minmax GRANULARITY 4096
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(timestamp)
ORDER BY (type, timestamp)
SETTINGS index_granularity = 8192;
